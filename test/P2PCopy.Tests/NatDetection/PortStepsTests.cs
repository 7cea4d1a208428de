using P2PCopy.NatTraversal.NatDetection;

namespace P2PCopy.Tests.NatDetection;

public sealed class PortStepsTests
{
    [Theory]
    [InlineData(new ushort[] { 40000, 40001, 40002 }, 1)]
    [InlineData(new ushort[] { 40000, 40002, 40004, 40006 }, 2)]
    [InlineData(new ushort[] { 40000, 40001, 40004, 40006 }, 1)]
    [InlineData(new ushort[] { 16796, 17052, 17564 }, 256)]
    [InlineData(new ushort[] { 40003, 40002, 40001 }, -1)]
    [InlineData(new ushort[] { 65534, 65535, 0, 1 }, 1)]
    public void Even_gaps_are_a_step(ushort[] ports, int step) => Assert.Equal(step, PortSteps.Find(ports));

    [Theory]
    [InlineData(new ushort[] { })]
    [InlineData(new ushort[] { 40000 })]
    [InlineData(new ushort[] { 40000, 40001 })]
    [InlineData(new ushort[] { 40000, 40000, 40000 })]
    [InlineData(new ushort[] { 40000, 40001, 40000 })]
    [InlineData(new ushort[] { 40000, 40001, 40010 })]
    [InlineData(new ushort[] { 53952, 38560, 32809, 60001 })]
    [InlineData(new ushort[] { 10000, 20000, 30000 })]
    public void Anything_else_is_none(ushort[] ports) => Assert.Null(PortSteps.Find(ports));
}
