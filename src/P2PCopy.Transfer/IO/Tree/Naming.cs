namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What came of giving a nameless file its name.</summary>
internal enum Naming
{
    /// <summary>It has the name.</summary>
    Given,

    /// <summary>Something else has it.</summary>
    Taken,

    /// <summary>This file system, or this system, gives no names to files that had none.</summary>
    Refused,
}
