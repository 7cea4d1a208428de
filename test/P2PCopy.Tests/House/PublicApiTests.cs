using System.Reflection;

namespace P2PCopy.Tests.House;

/// <summary>What the libraries promise their users is checked in under <c>api/</c>; <c>./dev accept</c> rewrites it.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("P2PCopy.Datagrams")]
    [InlineData("P2PCopy.Udt")]
    [InlineData("P2PCopy.NatTraversal")]
    [InlineData("P2PCopy.Transfer")]
    public void The_public_face_of_a_library_is_the_one_that_was_reviewed(string library) =>
        Snapshot.Matches($"api/{library}.txt", PublicApiText.Of(Assembly.Load(library)));

    [Fact]
    public void The_command_line_is_no_library() => Assert.Empty(Assembly.Load("p2pcopy").GetExportedTypes());
}
