namespace P2PCopy.Transfer.Tree;

/// <summary>The file whose content is under way.</summary>
/// <param name="Index">Its place in the manifest.</param>
/// <param name="Name">Its name, as the peer spelt it.</param>
/// <param name="Bytes">How far it is.</param>
/// <param name="Size">Its size in bytes; 0 for a stream.</param>
internal readonly record struct RunningEntry(int Index, string Name, long Bytes, long Size);
