using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>One machine of the lab: a network namespace with a name that its lab understands.</summary>
internal sealed class LabNamespace(NetworkLab lab, string name, string systemName)
{
    private const int KillSignal = 9;

    public NetworkLab Lab => lab;

    public string Name => name;

    /// <summary>The name that <c>ip netns</c> knows.</summary>
    public string SystemName => systemName;

    /// <summary>Runs a short command inside to its end; gives its output, fails with it.</summary>
    public string Run(string file, params string[] arguments) => RealProcess.Run("ip", ["netns", "exec", systemName, file, .. arguments]);

    /// <summary>Starts a process inside; it ends with the lab.</summary>
    public RealProcess Start(string file, params IEnumerable<string> arguments) =>
        lab.Keep(RealProcess.Start("ip", ["netns", "exec", systemName, file, .. arguments]));

    /// <summary>A line of <c>ip</c> commands inside, such as <c>addr add 10.1.0.2/24 dev eth0</c>, each line one command.</summary>
    public void Ip(string commands) => RealProcess.Run("ip", ["-n", systemName, "-batch", "-"], commands);

    /// <summary>Adds to the rules of nftables.</summary>
    public void Nft(string rules) => RealProcess.Run("ip", ["netns", "exec", systemName, "nft", "-f", "-"], rules);

    public void Sysctl(string key, int value) => Run("sysctl", "-q", "-w", $"{key}={value}");

    /// <summary>
    /// Opens a UDP socket that lives inside while this process stays outside: a socket keeps the namespace of the thread that made it.
    /// </summary>
    public Socket OpenUdp(IPEndPoint local)
    {
        Socket? socket = null;
        Enter(() =>
        {
            socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(local);
        });
        return socket!;
    }

    /// <summary>As above, any address and a port that the kernel chooses; ended with the lab.</summary>
    public Socket OpenUdp(string address = "0.0.0.0", int port = 0) => lab.Keep(OpenUdp(new IPEndPoint(IPAddress.Parse(address), port)));

    /// <summary>Runs an action on a thread that belongs to this namespace, and ends the thread with it.</summary>
    public void Enter(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                NamespaceEntry.Enter(systemName);
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException($"inside {name}: {failure.Message}", failure);
    }

    public void Create()
    {
        RealProcess.Run("ip", ["netns", "add", systemName]);
        Ip("link set lo up");
        // Addresses are unique here by construction: nobody should wait for their being checked.
        Sysctl("net.ipv6.conf.default.accept_dad", 0);
        Sysctl("net.ipv6.conf.default.accept_ra", 0);
    }

    public void Delete() => Delete(systemName);

    public static void Delete(string systemName)
    {
        foreach (var id in RealProcess.Run("ip", ["netns", "pids", systemName]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            EndIfRunning(id);
        RealProcess.Run("ip", ["netns", "delete", systemName]);
    }

    private static void EndIfRunning(string processId)
    {
        try
        {
            RealProcess.Run("kill", [$"-{KillSignal}", processId]);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself between the two commands.
        }
    }
}
