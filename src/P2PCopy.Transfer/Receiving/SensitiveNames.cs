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

    /// <summary>Whether a file of this name is a command to some program.</summary>
    public static bool IsSensitive(string name) => Files.Contains(name);

    /// <summary>The first component of the path whose content is obeyed, or null.</summary>
    public static string? SensitiveFolder(string path) =>
        path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(Folders.Contains);
}
