namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>The first byte of each message (docs/PROTOCOL.md sections 13 and 15).</summary>
internal enum MessageType : byte
{
    Hello = 1,
    Offer = 2,
    Entries = 3,
    Accept = 4,
    Plan = 5,
    Have = 6,
    Chunk = 7,
    Same = 8,
    Hole = 9,
    EndFile = 10,
    Written = 11,
    Drop = 12,
    End = 13,
    Done = 14,
    Abort = 15,
    Note = 16,
    Measure = 17,
    Stop = 18,
    Flowed = 19,
}
