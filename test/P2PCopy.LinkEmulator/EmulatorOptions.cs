using System.Globalization;
using P2PCopy.Simulation.Links;

namespace P2PCopy.LinkEmulator;

/// <summary>What the command line asks for.</summary>
internal sealed record EmulatorOptions(DeviceName Left, DeviceName Right, LinkProfile Forth, LinkProfile Back, ulong Seed)
{
    public const string Usage = """
        Usage: P2PCopy.LinkEmulator --left NAMESPACE:DEVICE:ADDRESS/PREFIX --right NAMESPACE:DEVICE:ADDRESS/PREFIX [KNOB VALUE]...
        Joins two network namespaces by a link between two TUN devices that it makes in them. Needs root.
        Prints "ready" when the link is up. Ends on SIGTERM or when its input ends, and prints what happened on the link.
        The lines "down" and "up" on its input cut the link and mend it.

          --profile NAME       a link as people have it, on which the other knobs build: lan, dsl, wifi-lossy, cellular, ...
          --rate BITS          bits per second with all headers, such as 100M or 1.5G; unlimited when left out
          --queue BYTES        what may wait in front of the rate, such as 256k
          --delay TIME         one way, in each direction: the round trip is twice this; such as 25ms or 150us
          --jitter TIME        added to the delay, from 0 to this, in order
          --loss P             probability of loss, each packet for itself
          --burst-loss P:N     probability of loss in bursts of N packets on average
          --duplicate P        probability of a packet to arrive twice
          --reorder P:TIME     probability of a packet to be held back by a time
          --mtu BYTES          of the devices
          --seed N             of all that is left to chance
        Every knob takes one value for both directions, or LEFT-TO-RIGHT/RIGHT-TO-LEFT.
        """;

    public static EmulatorOptions Parse(IReadOnlyList<string> arguments)
    {
        (DeviceName? left, DeviceName? right, var seed) = (null, null, 1UL);
        var (forth, back) = (LinkProfile.Ideal, LinkProfile.Ideal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value");
            if (name == "--left") left = DeviceName.Parse(value);
            else if (name == "--right") right = DeviceName.Parse(value);
            else if (name == "--seed") seed = ulong.Parse(value, CultureInfo.InvariantCulture);
            else
            {
                var sides = value.Split('/', 2);
                forth = Turn(forth, name, sides[0]);
                back = Turn(back, name, sides[^1]);
            }
        }

        if (left is null || right is null) throw new FormatException("--left and --right are needed");
        if (forth.Mtu != back.Mtu) throw new FormatException("both ends have the same MTU");
        return new EmulatorOptions(left, right, forth, back, seed);
    }

    private static LinkProfile Turn(LinkProfile profile, string knob, string value) => knob switch
    {
        "--profile" => LinkProfile.All.FirstOrDefault(link => link.Name == value) ?? throw new FormatException($"no profile {value}"),
        "--rate" => profile with { BitsPerSecond = (long)Number(value, ("k", 1e3), ("M", 1e6), ("G", 1e9)) },
        "--queue" => profile with { QueueBytes = (int)Number(value, ("k", 1 << 10), ("M", 1 << 20)) },
        "--delay" => profile with { Delay = Time(value) },
        "--jitter" => profile with { Jitter = Time(value) },
        "--loss" => profile with { Loss = Number(value) },
        "--burst-loss" when value.Split(':') is [var loss, var length] =>
            profile with { BurstLoss = BurstLoss.FromAverage(Number(loss), Number(length)) },
        "--duplicate" => profile with { Duplicate = Number(value) },
        "--reorder" when value.Split(':') is [var share, var by] => profile with { Reorder = Number(share), ReorderBy = Time(by) },
        "--mtu" => profile with { Mtu = (int)Number(value) },
        _ => throw new FormatException($"not a knob with a value of that form: {knob} {value}"),
    };

    private static TimeSpan Time(string text) => TimeSpan.FromMicroseconds(Number(text, ("us", 1), ("ms", 1e3), ("s", 1e6)));

    // The units are tried in turn, so those that end in another must come first.
    private static double Number(string text, params ReadOnlySpan<(string Unit, double Factor)> units)
    {
        foreach (var (unit, factor) in units)
            if (text.EndsWith(unit, StringComparison.Ordinal)) return Number(text[..^unit.Length]) * factor;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"not a number with a unit that is known here: {text}");
    }
}
