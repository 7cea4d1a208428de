using System.Runtime.InteropServices;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Moves the calling thread into a network namespace, setns(2).</summary>
internal static partial class NamespaceEntry
{
    private const int CloneNewNetwork = 0x40000000;

    public static void Enter(string systemName)
    {
        using var handle = File.OpenHandle($"/run/netns/{systemName}");
        if (SetNamespace((int)handle.DangerousGetHandle(), CloneNewNetwork) != 0)
            throw new InvalidOperationException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
