using System.ComponentModel;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>What the real parts need of this machine, found out once a run.</summary>
internal static class Requirements
{
    private static readonly Lazy<string?> Lab = new(FindMissingLab);
    private static readonly Lazy<string?> ReferenceLibrary = new(FindMissingReferenceLibrary);

    /// <summary>Where Debian puts the test vectors of flynn/noise.</summary>
    public const string NoiseVectors = "/usr/share/gocode/src/github.com/flynn/noise/vectors.txt";

    /// <summary>Why our Noise cannot be compared with the vectors of another one; <see langword="null"/> when it can.</summary>
    public static string? MissingForNoiseVectors =>
        File.Exists(NoiseVectors) ? null : "the Noise vectors need golang-github-flynn-noise-dev: run test/install-packages as root";

    /// <summary>Why no QR code can be read here; <see langword="null"/> when one can.</summary>
    public static string? MissingForCodeReader => IsInstalled("zbarimg") ? null : "reading QR codes needs zbar-tools: run test/install-packages";

    /// <summary>Why no lab of network namespaces can be built here; <see langword="null"/> when it can.</summary>
    public static string? MissingForLab => Lab.Value;

    /// <summary>Why no peer of the reference UDT library can be built here; <see langword="null"/> when it can.</summary>
    public static string? MissingForReferenceLibrary => ReferenceLibrary.Value;

    /// <summary>By hand a missing part skips its tests; under CI it fails them, so that a green run has run everything.</summary>
    public static bool MissingIsFailure =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static string? FindMissingLab()
    {
        if (!OperatingSystem.IsLinux()) return "the lab needs Linux";
        if (!Environment.IsPrivilegedProcess) return "the lab needs root for network namespaces";
        string[] programs = ["ip", "nft", "turnserver", "chronyd", "conntrack", "ethtool", "sysctl", "miniupnpd"];
        var missing = programs.Where(program => !IsInstalled(program)).ToList();
        if (missing.Count > 0) return $"the lab needs {string.Join(", ", missing)}: run test/install-packages";
        if (!File.Exists("/dev/net/tun")) return "the lab's emulated links need /dev/net/tun: load the module tun";
        try
        {
            var probe = $"p2pcopy-probe-{Environment.ProcessId}";
            RealProcess.Run("ip", ["netns", "add", probe]);
            RealProcess.Run("ip", ["netns", "delete", probe]);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return $"network namespaces cannot be made here: {e.Message.Trim()}";
        }

        return null;
    }

    private static string? FindMissingReferenceLibrary()
    {
        if (!OperatingSystem.IsLinux()) return "the reference UDT library is built on Linux only";
        if (IsInstalled("g++") && File.Exists("/usr/include/udt/udt.h")) return null;
        return "the reference UDT library needs g++ and libudt-dev: run test/install-packages as root";
    }

    private static bool IsInstalled(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
