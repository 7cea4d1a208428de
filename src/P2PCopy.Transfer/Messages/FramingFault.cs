namespace P2PCopy.Transfer.Messages;

/// <summary>What a peer did that the framing does not allow.</summary>
internal enum FramingFault
{
    None,
    NameLengthMalformed,
    NameTooLong,
    NameNotUtf8,
    NegativeSize,
    NegativeBlock,
    EmptyBlock,
    BlockTooLong,
    BlockBeyondSize,
    UnknownConfirmation,
    SurplusConfirmation,
}

/// <summary>The sentences of the faults.</summary>
internal static class FramingFaults
{
    public static Ending ToEnding(this FramingFault fault) => new(
        OutcomeKind.PeerMisbehaved,
        "The peer does not keep to the protocol.",
        fault switch
        {
            FramingFault.NameLengthMalformed => "The length of its file name is malformed.",
            FramingFault.NameTooLong => $"Its file name is announced with more than {FramingLimits.NameBytes} bytes.",
            FramingFault.NameNotUtf8 => "Its file name is not valid UTF-8.",
            FramingFault.NegativeSize => "It announced a file of negative size.",
            FramingFault.NegativeBlock => "It announced a block of negative length.",
            FramingFault.EmptyBlock => "It announced a block of no bytes.",
            FramingFault.BlockTooLong => $"It announced a block of more than {FramingLimits.BlockBytes >> 20} MiB.",
            FramingFault.BlockBeyondSize => "It wanted to send more bytes than it had announced.",
            FramingFault.UnknownConfirmation => "It answered a block with something that is no confirmation.",
            FramingFault.SurplusConfirmation => "It confirmed more blocks than it was sent.",
            _ => "",
        },
        "Check that the address is the right one and that both sides run the same kind of program.");
}
