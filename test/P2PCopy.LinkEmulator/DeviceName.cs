namespace P2PCopy.LinkEmulator;

/// <summary>One end of the emulated link.</summary>
/// <param name="Namespace">The network namespace, as <c>ip netns</c> names it.</param>
/// <param name="Device">What the device is called there.</param>
/// <param name="Address">Its address with prefix length.</param>
internal sealed record DeviceName(string Namespace, string Device, string Address)
{
    /// <summary>Reads <c>NAMESPACE:DEVICE:ADDRESS/PREFIX</c>; an IPv6 address may have colons.</summary>
    public static DeviceName Parse(string text) =>
        text.Split(':', 3) is [{ Length: > 0 } name, { Length: > 0 and < 16 } device, { Length: > 0 } address]
            ? new DeviceName(name, device, address)
            : throw new FormatException($"not NAMESPACE:DEVICE:ADDRESS/PREFIX: {text}");
}
