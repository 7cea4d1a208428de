using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>What makes a path unfit beyond the rules of its single names (<see cref="NameFault"/>).</summary>
internal enum TreePathFault
{
    /// <summary>It has no components.</summary>
    Empty,

    /// <summary>One of its names breaks a rule.</summary>
    Name,

    /// <summary>It has more components than <see cref="TreePath.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>It has more bytes than <see cref="TreePath.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>It is not UTF-8.</summary>
    BrokenText,

    /// <summary>The manifest named it before.</summary>
    Repeated,

    /// <summary>It differs from an earlier path only as some systems do not tell apart: by case or by the form of accents.</summary>
    Twin,

    /// <summary>The folder it is in was not named before it.</summary>
    NoFolder,

    /// <summary>What it is in was named before as a file or a link.</summary>
    InsideFile,

    /// <summary>The manifest has more entries than it may.</summary>
    TooMany,

    /// <summary>It is a link that leads elsewhere than below its own top folder.</summary>
    LinkOutside,
}

/// <summary>Why a path was refused.</summary>
/// <param name="Fault">The rule it breaks.</param>
/// <param name="Sentence">The same for people, with the path escaped.</param>
/// <param name="NameFault">The rule of the single name, where it is one.</param>
internal sealed record TreePathRefusal(TreePathFault Fault, string Sentence, NameFault? NameFault = null)
{
    /// <summary>Whether the user can allow it by allowing names that other programs obey.</summary>
    public bool IsSensitive => NameFault == Transfer.Receiving.NameFault.Sensitive;
}
