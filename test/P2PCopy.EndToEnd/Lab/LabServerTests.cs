using System.Net;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>The servers of the lab: others build on them, so what they answer is looked at first.</summary>
[Collection(LabCollection.Name)]
public sealed class LabServerTests : IDisposable
{
    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabTheory]
    [InlineData("PortRestricted", "Address and Port Dependent Filtering")]
    [InlineData("FullCone", "Endpoint Independent Filtering")]
    public void Coturn_tells_a_stranger_tool_the_filtering_of_the_router(string router, string expected)
    {
        var net = new LabTopology(_lab);
        Coturn.Start(net.Internet, LabTopology.ServerAddresses[0], LabTopology.ServerAddresses[1]);
        var host = net.AddHost("host", router == "FullCone" ? LabNat.FullCone : LabNat.PortRestricted);
        var report = host.Machine.Run("turnutils_natdiscovery", "-f", LabTopology.ServerAddresses[0]);
        Assert.Contains(expected, report, StringComparison.Ordinal);
    }

    [LabFact]
    public void Chrony_tells_the_time_of_this_machine_through_a_router()
    {
        var net = new LabTopology(_lab);
        Chrony.Start(net.Internet, LabTopology.ServerAddresses[2]);
        var client = net.AddHost("host", LabNat.PortRestricted).Machine.OpenUdp();
        var request = new byte[48];
        request[0] = 0x23;
        client.ReceiveTimeout = 20_000;
        client.SendTo(request, new IPEndPoint(IPAddress.Parse(LabTopology.ServerAddresses[2]), Chrony.Port));
        var answer = new byte[48];
        Assert.Equal(48, client.Receive(answer));
        // RFC 5905 §7.3: the transmit timestamp, seconds since 1900, at offset 40.
        var seconds = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(40));
        var told = new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds);
        Assert.InRange((told - DateTime.UtcNow).TotalSeconds, -30, 2);
    }
}
