using System.Collections.Concurrent;
using System.Globalization;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// A small internet of network namespaces for one test: hosts, NATs and servers with real kernels, sockets and daemons. Everything it
/// made goes away with it, however the test ends; what a killed run left behind is removed by the next.
/// </summary>
internal sealed class NetworkLab : IDisposable
{
    private static int s_count;

    private readonly string _name = Owner.NameOf(Interlocked.Increment(ref s_count));
    private readonly ConcurrentQueue<LabNamespace> _namespaces = new();
    private readonly ConcurrentStack<IDisposable> _belongings = new();

    public NetworkLab()
    {
        if (Requirements.MissingForLab is { } missing) throw new InvalidOperationException(missing);
        Owner.RemoveLeftovers();
        Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), _name)).FullName;
    }

    /// <summary>Where daemons keep their configuration, pid files and logs, and hosts their files.</summary>
    public string Folder { get; }

    /// <summary>Makes a namespace: a machine with a loopback interface and nothing else yet.</summary>
    public LabNamespace Add(string name)
    {
        var added = new LabNamespace(this, name, $"{_name}.{name}");
        _namespaces.Enqueue(added);
        added.Create();
        return added;
    }

    /// <summary>Makes an empty folder of the lab's own.</summary>
    public string AddFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    /// <summary>Disposes it together with the lab, before the namespaces go.</summary>
    public T Keep<T>(T belonging)
        where T : IDisposable
    {
        _belongings.Push(belonging);
        return belonging;
    }

    public void Dispose()
    {
        while (_belongings.TryPop(out var belonging)) belonging.Dispose();
        foreach (var made in _namespaces) made.Delete();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Names carry the process id and start time of the run that owns them, so a leftover is told from another run's lab.</summary>
    private static class Owner
    {
        private const string Prefix = "p2pcopy-lab";

        public static string NameOf(int number) =>
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}.{Environment.ProcessId}.{StartTime(Environment.ProcessId)}.{number}");

        public static void RemoveLeftovers()
        {
            foreach (var line in RealProcess.Run("ip", ["netns", "list"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (line.Split(' ')[0] is var name && IsLeftover(name)) LabNamespace.Delete(name);
            foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}.*"))
                if (IsLeftover(Path.GetFileName(folder))) Directory.Delete(folder, recursive: true);
        }

        private static bool IsLeftover(string name)
        {
            var parts = name.Split('.');
            return parts.Length >= 4 && parts[0] == Prefix && int.TryParse(parts[1], out var id) && StartTime(id) != parts[2];
        }

        // Field 22 of /proc/<pid>/stat; the command in parentheses before it may hold spaces.
        private static string StartTime(int processId)
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{processId}/stat");
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
            }
            catch (IOException)
            {
                return "ended";
            }
        }
    }
}
