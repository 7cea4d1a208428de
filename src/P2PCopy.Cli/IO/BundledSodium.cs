using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NSec.Cryptography;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Cli.IO;

/// <summary>
/// libsodium out of the program's own file, where it was put in there, so that the program is one file
/// (docs/decisions/0024-one-file.md). Where it was not, the library is looked for as always: beside the program.
/// </summary>
internal static unsafe class BundledSodium
{
    private const string Name = "libsodium";

    private const uint CloseOnExec = 1;

    private static readonly Lazy<nint> Library = new(Load);

    /// <summary>Offers it to those who call it. Once, before anything is encrypted.</summary>
    public static void Offer()
    {
        if (typeof(BundledSodium).Assembly.GetManifestResourceInfo(Name) is null) return;
        NativeLibrary.SetDllImportResolver(typeof(Key).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(StaticKey).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly caller, DllImportSearchPath? search) => name == Name ? Library.Value : 0;

    private static nint Load()
    {
        using var content = typeof(BundledSodium).Assembly.GetManifestResourceStream(Name)!;
        return TryLoadFromMemory(content, out var library) ? library : LoadFromFile(content);
    }

    // A file in memory has no name that anybody else could use or leave behind.
    private static bool TryLoadFromMemory(Stream content, out nint library)
    {
        library = 0;
        int descriptor;
        fixed (byte* name = "libsodium\0"u8) descriptor = CreateMemoryFile(name, CloseOnExec);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (handle.IsInvalid) return false;
        using var file = new FileStream(handle, FileAccess.Write);
        content.CopyTo(file);
        file.Flush();
        return NativeLibrary.TryLoad($"/proc/self/fd/{handle.DangerousGetHandle()}", out library);
    }

    // Some systems let no file in memory be run, or show no /proc.
    private static nint LoadFromFile(Stream content)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcopy-");
        try
        {
            var path = Path.Combine(folder.FullName, "libsodium.so");
            content.Position = 0;
            using (var file = File.Create(path)) content.CopyTo(file);
            return NativeLibrary.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [DllImport("libc", EntryPoint = "memfd_create")]
    private static extern int CreateMemoryFile(byte* name, uint flags);
}
