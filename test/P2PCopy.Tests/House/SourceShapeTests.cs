namespace P2PCopy.Tests.House;

/// <summary>What CONTRIBUTING.md asks of the code and a compiler cannot see.</summary>
public sealed class SourceShapeTests
{
    private const int MostLines = 350;

    private static readonly IReadOnlyList<string> Product = Repository.Files("src", "*.cs");

    private static readonly IReadOnlyList<string> Tests = [.. Repository.Files("test", "*.cs")];

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold() =>
        Assert.All(Product, path => Assert.True(Repository.Read(path).Count(c => c == '\n') <= MostLines, path));

    [Fact]
    public void No_file_is_named_after_nothing_in_particular()
    {
        string[] vague = ["Manager", "Helper", "Util", "Utils", "Common", "Misc"];

        Assert.All(Product.Concat(Tests), path =>
            Assert.DoesNotContain(vague, word => Path.GetFileNameWithoutExtension(path).EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_code()
    {
        string[] marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception"];

        Assert.All(Product.Concat(Tests), path => Assert.DoesNotContain(marks, mark => Repository.Read(path).Contains(mark, StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_fetched_but_from_the_router_and_no_program_is_started_but_this_one_for_its_demo()
    {
        string[] fetching = ["HttpClient", "WebClient", "WebRequest", "HttpListener", "FtpWeb"];

        Assert.Equal(["RouterHttp.cs"], Product.Where(path => fetching.Any(word => Repository.Read(path).Contains(word, StringComparison.Ordinal))).Select(Path.GetFileName));
        Assert.Equal(["DemoPeer.cs"], Product.Where(static path => Repository.Read(path).Contains("ProcessStartInfo", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    [Fact]
    public void Tests_wait_for_events_and_never_for_time()
    {
        string[] sleeps = ["Thread." + "Sleep", "Task." + "Delay"];

        Assert.All(Tests, path => Assert.DoesNotContain(sleeps, sleep => Repository.Read(path).Contains(sleep, StringComparison.Ordinal)));
    }
}
