using P2PCopy.Cli.Commands.Legacy;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Tests.Cli.Legacy;

public sealed class OwnAddressTests : IDisposable
{
    private static readonly UdpEndpoint Local = UdpEndpoint.FromIPv4(0x0a000005, 4300);
    private static readonly UdpEndpoint First = UdpEndpoint.FromIPv4(0x01020304, 4300);
    private static readonly UdpEndpoint Second = UdpEndpoint.FromIPv4(0x01020304, 61000);

    private readonly FakeTerminal _terminal = new();
    private readonly Screen _screen;
    private readonly OwnAddress _own;

    public OwnAddressTests()
    {
        _screen = new Screen(_terminal.Surroundings(true), Verbosity.Quiet);
        _own = new OwnAddress(_screen, 4300);
    }

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void A_new_address_is_told_above_the_prompt_and_the_old_one_is_remembered_as_own()
    {
        _own.Announce(Report(First));
        _screen.Prompt("Enter: ");
        _own.Change(First);
        _own.Change(Second);
        Await($"Tell this to your peer: {Second}\nEnter: ");

        Assert.Equal($"Tell this to your peer: {First}\nEnter: \nTell this to your peer: {Second}\nEnter: ", _terminal.Output);
        Assert.Equal([First, Local, Second], _own.All);
    }

    [Fact]
    public void Without_a_public_address_the_one_of_the_own_network_is_told()
    {
        _own.Announce(new NetworkReport { LocalEndpoint = Local });

        Assert.Equal($"Tell this to your peer: {Local}\n", _terminal.Output);
    }

    private static NetworkReport Report(UdpEndpoint mapped) => new() { ServersAsked = 1, LocalEndpoint = Local, MappedEndpoint = mapped };

    private void Await(string end) =>
        Assert.True(SpinWait.SpinUntil(() => _terminal.Output.EndsWith(end, StringComparison.Ordinal), TimeSpan.FromSeconds(30)), _terminal.Output);
}
