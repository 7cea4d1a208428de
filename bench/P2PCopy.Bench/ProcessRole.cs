using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace P2PCopy.Bench;

/// <summary>
/// Runs a program to its end and says what that has cost: the program, and all processes that it started and waited for.
/// </summary>
internal static class ProcessRole
{
    private const int OfChildren = -1;

    /// <summary>Runs a command until it ends or the own input does; the result line begins with <c>ran</c>.</summary>
    public static int Run(string file, IEnumerable<string> arguments) => Run(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true });

    /// <summary>Runs a command that gets the own input.</summary>
    public static int Talk(string file, IEnumerable<string> arguments) => Run(new ProcessStartInfo(file, arguments));

    private static int Run(ProcessStartInfo start)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var id = process.Id;
        if (start.RedirectStandardInput) new Thread(() => EndWithInput(id)) { IsBackground = true }.Start();
        process.WaitForExit();
        var seconds = clock.Elapsed.TotalSeconds;
        _ = GetUsage(OfChildren, out var usage);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"ran exit={process.ExitCode} seconds={seconds:f4} cpu={usage.CpuSeconds:f4} memory={usage.PeakKibibytes * 1024}"));
        return 0;
    }

    private static void EndWithInput(int processId)
    {
        while (Console.In.Read() >= 0) { }
        Process.Start("kill", $"-TERM {processId}").WaitForExit();
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, out Usage usage);

    // struct rusage of Linux; its rest does not matter here.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long PeakKibibytes;

        public readonly double CpuSeconds => UserSeconds + SystemSeconds + ((UserMicroseconds + SystemMicroseconds) / 1e6);
    }
}
