namespace P2PCopy.EndToEnd.Lab;

/// <summary>One end of a link: the machine, what it calls the interface, and its address with prefix length (or none).</summary>
internal readonly record struct LinkEnd(LabNamespace Machine, string Interface, string? Address);

/// <summary>An unshaped cable between two machines: virtual Ethernet.</summary>
internal static class VethLink
{
    public static void Connect(LinkEnd left, LinkEnd right)
    {
        left.Machine.Ip($"link add {left.Interface} type veth peer name {right.Interface} netns {right.Machine.SystemName}");
        SetUp(left);
        SetUp(right);
    }

    private static void SetUp(LinkEnd end) =>
        end.Machine.Ip((end.Address is null ? "" : $"addr add {end.Address} dev {end.Interface}\n") + $"link set {end.Interface} up");
}
