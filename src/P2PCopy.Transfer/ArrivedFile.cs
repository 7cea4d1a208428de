namespace P2PCopy.Transfer;

/// <summary>A file of a copy that is whole: at the receiver under its final name and on the disk, at the sender sent to its end.</summary>
/// <param name="Path">Where it is; a stranger's text at the receiver, so not for a terminal as it stands.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">SHA-256 of its content in lower-case hexadecimal, when one of the sides asked for it.</param>
public readonly record struct ArrivedFile(string Path, long Size, string? Sha256);
