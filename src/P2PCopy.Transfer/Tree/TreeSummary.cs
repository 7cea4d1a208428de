namespace P2PCopy.Transfer.Tree;

/// <summary>What a manifest adds up to.</summary>
/// <param name="Entries">Entries of all kinds.</param>
/// <param name="Files">Entries with content, files and streams.</param>
/// <param name="TotalBytes">The sum of the sizes of all files.</param>
/// <param name="TopNames">Some names of depth 0, in order, for a first look; the manifest says all.</param>
internal sealed record TreeSummary(int Entries, int Files, long TotalBytes, IReadOnlyList<string> TopNames);
