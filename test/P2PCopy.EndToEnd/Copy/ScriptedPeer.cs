using System.Buffers.Binary;
using System.Text;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>The other end of a connection, played by a test byte by byte: an original program, or somebody hostile.</summary>
internal sealed class ScriptedPeer(DuplexStream stream)
{
    public static byte[] Header(string name, long size)
    {
        var text = Encoding.UTF8.GetBytes(name);
        Assert.True(text.Length < 128, "one byte of length is enough for a test");
        var sizeField = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(sizeField, size);
        return [(byte)text.Length, .. text, .. sizeField];
    }

    public static byte[] Length(int length)
    {
        var field = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(field, length);
        return field;
    }

    public async Task SayAsync(params byte[] bytes) => await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public async Task<byte[]> HearAsync(int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>Everything until the other side closes.</summary>
    public async Task<byte[]> HearToEndAsync()
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    public void Close() => stream.CloseConnection();
}
