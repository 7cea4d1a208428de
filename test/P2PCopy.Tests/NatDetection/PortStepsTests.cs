using P2PCopy.NatTraversal.NatDetection;

namespace P2PCopy.Tests.NatDetection;

public sealed class PortStepsTests
{
    [Theory]
    [InlineData(new ushort[] { 40000, 40001, 40002 }, 1)]
    [InlineData(new ushort[] { 40000, 40002, 40004, 40006 }, 2)]
    [InlineData(new ushort[] { 40000, 40001, 40004, 40006 }, 1)]
    [InlineData(new ushort[] { 16796, 17052, 17564 }, 256)]
    [InlineData(new ushort[] { 40000, 40001, 40010 }, 1)]
    [InlineData(new ushort[] { 40003, 40002, 40001 }, -1)]
    [InlineData(new ushort[] { 65534, 65535, 0, 1 }, 1)]
    [InlineData(new ushort[] { 65532, 65534, 1024, 1026 }, 2)]
    [InlineData(new ushort[] { 1025, 1024, 65535 }, -1)]
    [InlineData(new ushort[] { 65279, 65535, 1279 }, 256)]
    [InlineData(new ushort[] { 40016, 40000, 40032, 40048 }, 16)]
    [InlineData(new ushort[] { 40048, 40032, 40000, 40016, 39984 }, -16)]
    [InlineData(new ushort[] { 40000, 40016, 40048, 40032 }, 16)]
    public void Even_gaps_are_a_step(ushort[] ports, int step) => Assert.Equal(step, PortSteps.Find(ports));

    [Theory]
    [InlineData(new ushort[] { })]
    [InlineData(new ushort[] { 40000 })]
    [InlineData(new ushort[] { 40000, 40001 })]
    [InlineData(new ushort[] { 40000, 40000, 40000 })]
    [InlineData(new ushort[] { 40000, 40001, 40000 })]
    [InlineData(new ushort[] { 40016, 40000, 40032 })]
    [InlineData(new ushort[] { 40048, 40000, 40032, 40016 })]
    [InlineData(new ushort[] { 40000, 40001, 40011 })]
    [InlineData(new ushort[] { 40000, 40006, 40012, 40017 })]
    [InlineData(new ushort[] { 40002, 40000, 40005, 40008 })]
    [InlineData(new ushort[] { 53952, 38560, 32809, 60001 })]
    [InlineData(new ushort[] { 10000, 20000, 30000 })]
    [InlineData(new ushort[] { 40960, 40977, 41011, 41028 })]
    [InlineData(new ushort[] { 40960, 41860, 42760 })]
    public void Anything_else_is_none(ushort[] ports) => Assert.Null(PortSteps.Find(ports));
}
