using P2PCopy.Datagrams;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>
/// This side's end of a connection whose other end is played by a script: there is always more to read as long as that goes on. Of what is
/// said to it only the types of the messages are kept.
/// </summary>
/// <param name="script">What the peer says; null when it waits until something is said to it.</param>
internal sealed class RelentlessPeer(Func<RelentlessPeer, IEnumerable<ReadOnlyMemory<byte>?>> script) : EndOfConnection, ILendingStream
{
    private readonly Lock _gate = new();
    private readonly HashSet<MessageType> _said = [];
    private IEnumerator<ReadOnlyMemory<byte>?>? _script;
    private Action? _readable;

    public CopyConnection Connection => new(this, this, static () => 0, static _ => Task.CompletedTask, static () => { });

    public static ReadOnlyMemory<byte> Message<T>(MessageType type, T body) where T : IWireFormat<T>
    {
        var room = new byte[1 << 10];
        return room.AsMemory(0, MessageHeader.WriteMessage(room, type, body));
    }

    /// <summary>Whether this side has said something of the type.</summary>
    public bool WasTold(MessageType type)
    {
        lock (_gate) return _said.Contains(type);
    }

    public bool TryTakeReadable(Action readable, out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _script ??= script(this).GetEnumerator();
            Assert.True(_script.MoveNext(), "the script has no end");
            bytes = _script.Current ?? default;
            if (_script.Current is not null) return true;
            _readable = readable;
            return false;
        }
    }

    public void ReleaseRead(int count)
    {
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Action? readable;
        lock (_gate)
        {
            for (; MessageHeader.TryRead(buffer.Span, out var header); buffer = buffer[(MessageHeader.Bytes + header.Length)..]) _said.Add(header.Type);
            (readable, _readable) = (_readable, null);
        }

        readable?.Invoke();
        return ValueTask.CompletedTask;
    }

    public bool TryLendWritable(Action writable, out Memory<byte> room)
    {
        room = default;
        return false;
    }

    public void CommitWritten(int count) => throw new NotSupportedException();
}
