using System.Net;
using System.Net.Sockets;
using System.Text;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A UDP socket of the lab that says and hears short words, to look at what routers do to them.</summary>
internal sealed class UdpProbe(LabNamespace machine, string address = "0.0.0.0", int port = 0)
{
    private readonly Socket _socket = machine.OpenUdp(address, port);

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public void Say(string word, IPEndPoint to) => _socket.SendTo(Encoding.ASCII.GetBytes(word), to);

    /// <summary>The next word and the address that it seems to come from; fails when none comes.</summary>
    public (string Word, IPEndPoint From) Hear()
    {
        if (TryHear(TimeSpan.FromSeconds(20), out var word, out var from)) return (word, from);
        throw new InvalidOperationException($"Nothing arrived at {Local} in {machine.Name}.");
    }

    /// <summary>Whether a word comes within the limit.</summary>
    public bool TryHear(TimeSpan limit, out string word, out IPEndPoint from)
    {
        (word, from) = ("", new IPEndPoint(IPAddress.Any, 0));
        if (!_socket.Poll(limit, SelectMode.SelectRead)) return false;
        var buffer = new byte[100];
        EndPoint remote = new IPEndPoint(IPAddress.Any, 0);
        var length = _socket.ReceiveFrom(buffer, ref remote);
        (word, from) = (Encoding.ASCII.GetString(buffer, 0, length), (IPEndPoint)remote);
        return true;
    }

    /// <summary>The words that come before this last one.</summary>
    public List<string> HearUntil(string last)
    {
        var words = new List<string>();
        while (Hear().Word is var word && word != last) words.Add(word);
        return words;
    }
}
