using System.Diagnostics;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>
/// Cuts a stream of bytes into messages. Its memory is fixed: bodies are gathered in one buffer, but for the bytes of chunks,
/// which pass by.
/// </summary>
internal sealed class MessageAssembler
{
    private readonly byte[] _buffer = new byte[MessageHeader.Bytes + TreeLimits.MessageBytes];
    private int _filled;
    private int _wanted = MessageHeader.Bytes;
    private bool _hasHeader;

    /// <summary>Why the bytes cannot be messages: a sentence.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether a message is whole, or for a chunk what stands before its bytes; then comes <see cref="Next"/>.</summary>
    public bool HasMessage { get; private set; }

    public MessageType Type { get; private set; }

    public ReadOnlySpan<byte> Body => _buffer.AsSpan(MessageHeader.Bytes, _filled - MessageHeader.Bytes);

    /// <summary>Bytes of a chunk that follow its head; 0 for all other messages.</summary>
    public int ChunkBytes { get; private set; }

    /// <summary>Takes bytes up to the end of a message and returns how many.</summary>
    public int Push(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        while (!HasMessage && Fault is null && (consumed < bytes.Length || _filled == _wanted))
        {
            var count = Math.Min(_wanted - _filled, bytes.Length - consumed);
            bytes.Slice(consumed, count).CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            consumed += count;
            if (_filled < _wanted) break;
            if (_hasHeader) HasMessage = true;
            else TakeHeader();
        }

        return consumed;
    }

    /// <summary>The message has been read.</summary>
    public void Next()
    {
        Debug.Assert(HasMessage, "one message is read once");
        HasMessage = false;
        _hasHeader = false;
        _filled = 0;
        _wanted = MessageHeader.Bytes;
        ChunkBytes = 0;
    }

    private void TakeHeader()
    {
        MessageHeader.TryRead(_buffer, out var header);
        _hasHeader = true;
        Type = header.Type;
        var body = header.Length;
        // PROTOCOL TREE-2, TREE-12.
        if (header.Type is < MessageType.Hello or > MessageType.Flowed) Fault = "It sent a message of an unknown kind.";
        else if (header.Type == MessageType.Chunk)
        {
            ChunkBytes = header.Length - ChunkHead.Bytes;
            body = ChunkHead.Bytes;
            if (ChunkBytes is < 1 or > TreeLimits.BlockBytes) Fault = "It sent a chunk without bytes, or with too many.";
        }
        else if (header.Length > TreeLimits.MessageBytes) Fault = "It announced a message that is too long.";

        _wanted = MessageHeader.Bytes + body;
    }
}
