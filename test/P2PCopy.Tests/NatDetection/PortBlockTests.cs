using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.NatDetection;

public sealed class PortBlockTests
{
    [Theory]
    [InlineData(new ushort[] { 2048, 2100, 2050, 2200 }, 2048, 2559)]
    [InlineData(new ushort[] { 2100, 2100, 2100, 2100 }, 2048, 2559)]
    [InlineData(new ushort[] { 38912, 39935, 39000, 39500 }, 38912, 40959)]
    [InlineData(new ushort[] { 36864, 40959, 39000, 39500 }, 36864, 40959)]
    [InlineData(new ushort[] { 65535, 65000, 65200, 65300 }, 63488, 65535)]
    [InlineData(new ushort[] { 5, 6, 7, 8 }, 1, 511)]
    public void Ports_close_together_show_their_block(ushort[] ports, int lowest, int highest) =>
        Assert.Equal(new PortRange((ushort)lowest, (ushort)highest), PortBlock.Find(ports));

    [Theory]
    [InlineData(new ushort[] { })]
    [InlineData(new ushort[] { 2048, 2100, 2050 })]
    [InlineData(new ushort[] { 4095, 4096, 4097, 8200 })]
    [InlineData(new ushort[] { 1024, 60000, 33000, 20000 })]
    public void Few_ports_or_ports_all_over_show_none(ushort[] ports) => Assert.Null(PortBlock.Find(ports));
}
