using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree;

/// <summary>
/// What both sessions have to say alike: the greeting first, a last word when they give up, and the ending that counts: the first
/// one stays.
/// </summary>
internal sealed class SessionVoice(HelloMessage hello)
{
    private bool _greeted;
    private Ending? _failure;
    private bool _lastWordTaken;
    private bool _farewellTaken;
    private Ending? _farewell;

    /// <summary>Why and how it is over, or null while something is left to do.</summary>
    public Ending? Ending { get; private set; }

    /// <summary>Whether the session goes on.</summary>
    public bool IsOpen => Ending is null && _failure is null;

    /// <summary>Gives up: the peer is told in one message before the session ends.</summary>
    public void Fail(Ending ending)
    {
        if (IsOpen) _failure = ending;
    }

    /// <summary>Ends at once; a reason that was there before stays.</summary>
    public void End(Ending ending) => Ending ??= _failure ?? ending;

    /// <summary>The message that is written now is the last one of a session that ends well.</summary>
    public void EndWhenSent(Ending ending)
    {
        _farewell = ending;
        _farewellTaken = true;
    }

    /// <summary>The greeting or the last word, if one of them is due; 0 when it is the session's own turn.</summary>
    public int Take(Span<byte> destination)
    {
        if (Ending is not null) return 0;
        if (!_greeted)
        {
            _greeted = true;
            return MessageHeader.WriteMessage(destination, MessageType.Hello, hello);
        }

        // PROTOCOL TREE-19.
        if (_failure is null || _lastWordTaken) return 0;
        _lastWordTaken = true;
        var sentence = AbortMessage.Pack(_failure.Kind == OutcomeKind.PeerMisbehaved ? $"{_failure.What} {_failure.Why}" : _failure.What);
        return MessageHeader.WriteMessage(
            destination, MessageType.Abort, new AbortMessage { Reason = TreeEndings.ReasonOf(_failure), Sentence = sentence });
    }

    /// <summary>What was taken is out.</summary>
    public void Sent()
    {
        if (_lastWordTaken) End(_failure!);
        else if (_farewellTaken) End(_farewell!);
    }
}
