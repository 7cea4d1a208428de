namespace P2PCopy.EndToEnd.Lab;

/// <summary>The servers that a program needs to find itself on the internet, and the words that point it at them.</summary>
internal static class LabServers
{
    /// <summary>STUN servers of two operators, of which the first answers from another address too.</summary>
    public static string[] StunWords { get; } = ["--stun", LabTopology.ServerAddresses[0], "--stun", LabTopology.ServerAddresses[2]];

    /// <summary>Enough of them to see how a NAT draws its ports, and a time server.</summary>
    public static string[] AllWords { get; } = [.. StunWords, "--stun", LabTopology.ServerAddresses[3], "--ntp", LabTopology.ServerAddresses[0]];

    /// <summary>With a time server.</summary>
    public static string[] Words { get; } = [.. StunWords, "--ntp", LabTopology.ServerAddresses[0]];

    /// <summary>As <see cref="AllWords"/>, and a server of the other family.</summary>
    public static string[] AllWordsOfBothFamilies { get; } = [.. AllWords, "--stun", LabTopology.ServerAddressV6];

    /// <summary>A STUN server of each family.</summary>
    public static string[] StunWordsOfBothFamilies { get; } = [.. StunWords, "--stun", LabTopology.ServerAddressV6];

    public static void Start(LabTopology net)
    {
        Coturn.Start(net.Internet, LabTopology.ServerAddresses[0], LabTopology.ServerAddresses[1]);
        Coturn.Start(net.Internet, LabTopology.ServerAddresses[2]);
        Coturn.Start(net.Internet, LabTopology.ServerAddresses[3]);
        Coturn.Start(net.Internet, LabTopology.ServerAddressV6, LabTopology.OtherServerAddressV6);
        Chrony.Start(net.Internet, LabTopology.ServerAddresses[0]);
    }
}
