namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// Files and folders that other programs obey unasked: a file there is a command. They are received only when the user
/// allows it. Compared without regard to case, as some file systems do.
/// </summary>
internal static class SensitiveNames
{
    private static readonly HashSet<string> Files = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ssh", ".git", ".gnupg", ".hg", ".svn", "git~1", "ssh~1",
        "authorized_keys", "authorized_keys2", ".rhosts", ".shosts", ".netrc", ".pam_environment",
        ".profile", ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".zshrc", ".zshenv", ".zprofile",
        ".zlogin", ".zlogout", ".kshrc", ".cshrc", ".tcshrc", ".login", ".logout", ".inputrc", ".envrc",
        ".xinitrc", ".xsession", ".xsessionrc", ".xprofile", ".forward", ".gitconfig", ".gitmodules", ".gitattributes",
        ".vimrc", ".gvimrc", ".exrc", ".emacs", ".npmrc", ".yarnrc", ".pypirc", ".curlrc", ".wgetrc", ".gdbinit", ".lldbinit",
        ".htaccess", ".user.ini", "web.config", "desktop.ini", "autorun.inf", "folder.htt", "sitecustomize.py", "usercustomize.py",
    };

    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ssh", ".git", ".gnupg", "autostart", "Startup", "LaunchAgents", "LaunchDaemons", "cron.d", "crontabs", "init.d", "profile.d",
        "sudoers.d",
    };

    /// <summary>What is obeyed in any folder; the other files only where a user or a server begins to look.</summary>
    private static readonly HashSet<string> Anywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ssh", ".git", ".gnupg", ".hg", ".svn", "git~1", "ssh~1", "gnupg~1", "authorized_keys", "authorized_keys2", ".rhosts", ".shosts",
        "desktop.ini", "autorun.inf", "folder.htt",
    };

    /// <summary>Whether a component of a path is obeyed at its place: a leaf or a folder, at the top or further down.</summary>
    public static bool IsSensitive(string name, bool isTop, bool isFolder) =>
        Anywhere.Contains(name)
        || (isFolder && (Folders.Contains(name) || (isTop && name.StartsWith('.'))))
        || (isTop && !isFolder && Files.Contains(name));

    /// <summary>Whether a file of this name is a command to some program.</summary>
    public static bool IsSensitive(string name) => Files.Contains(name);

    /// <summary>The first component of the path whose content is obeyed, or null.</summary>
    public static string? SensitiveFolder(string path) =>
        path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(Folders.Contains);
}
