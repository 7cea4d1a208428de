namespace P2PCopy.EndToEnd.Lab;

/// <summary>One end of a link: the machine, what it calls the interface, and its address with prefix length (or none).</summary>
internal readonly record struct LinkEnd(LabNamespace Machine, string Interface, string? Address);

/// <summary>An unshaped cable between two machines: virtual Ethernet.</summary>
internal static class VethLink
{
    private static readonly TimeSpan CarrierLimit = TimeSpan.FromSeconds(30);

    public static void Connect(LinkEnd left, LinkEnd right)
    {
        left.Machine.Ip($"link add {left.Interface} type veth peer name {right.Interface} netns {right.Machine.SystemName}");
        SetUp(left);
        SetUp(right);

        // The kernel says some time later that there is a carrier; programs that look before that see no network.
        foreach (var end in (LinkEnd[])[left, right])
        {
            if (!SpinWait.SpinUntil(() => HasCarrier(end), CarrierLimit)) throw new InvalidOperationException($"{end.Interface} of {end.Machine.Name} does not come up.");
        }
    }

    private static bool HasCarrier(LinkEnd end) =>
        end.Machine.Run("ip", "-o", "link", "show", "dev", end.Interface).Contains("state UP", StringComparison.Ordinal);

    private static void SetUp(LinkEnd end) =>
        end.Machine.Ip((end.Address is null ? "" : $"addr add {end.Address} dev {end.Interface}\n") + $"link set {end.Interface} up");
}
