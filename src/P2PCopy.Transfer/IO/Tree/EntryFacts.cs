namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What stands under a name; a link is told as a link and not followed.</summary>
internal enum StandingKind
{
    File,
    Folder,
    Link,
    Other,
}

/// <summary>What the system tells of an entry.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="Modified">When its content changed last, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Executable">Whether its owner may run it.</param>
/// <param name="IsAlone">Whether it has no other name and belongs to this user, so that writing it touches nothing else.</param>
/// <param name="Allocated">Bytes that it takes on the disk.</param>
/// <param name="Identity">A number that no other entry of the same file system has now; 0 where the system tells none.</param>
/// <param name="Changed">When anything about it changed last; 0 where the system does not tell.</param>
internal readonly record struct EntryFacts(
    StandingKind Kind, long Size, long Modified, bool Executable, bool IsAlone, long Allocated, ulong Identity, long Changed);
