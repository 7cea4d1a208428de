using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using P2PCopy.Cli.Terminal;
using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.Cli.Commands;

/// <summary>The options that every command which meets a peer or asks the network has.</summary>
internal sealed class ConnectionOptions
{
    private const int DefaultTimeoutSeconds = 600;
    private const string Automatic = "auto";

    /// <summary><c>--localport</c>.</summary>
    public Option<int?> LocalPort { get; } = new("--localport")
    {
        HelpName = "N",
        Description = "Use this UDP port, 1 to 65535, instead of any free one.",
        CustomParser = result => Number(result, 1, ushort.MaxValue, "a port is a number from 1 to 65535"),
    };

    /// <summary><c>--peer</c>.</summary>
    public Option<string?> Peer { get; } = new("--peer")
    {
        HelpName = "TEXT",
        Description = "The ticket or ip:port of the peer instead of the prompt; - reads a line of standard input, which other users of this computer do not see.",
    };

    /// <summary><c>--stun</c>.</summary>
    public Option<IReadOnlyList<ServerName>?> Stun { get; } = new("--stun")
    {
        HelpName = "HOST[:PORT]",
        Description = "Ask this STUN server for the public address instead of the built-in ones; repeat it for several. 'none' asks nobody.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Servers(result, ServerList.StunPort),
    };

    /// <summary><c>--ntp</c>.</summary>
    public Option<IReadOnlyList<ServerName>?> Ntp { get; } = new("--ntp")
    {
        HelpName = "HOST[:PORT]",
        Description = "Ask this NTP server for the time instead of the built-in ones; repeat it for several. 'none' asks nobody. The time is needed with --legacy, and for networks that can only be connected when both sides start at the same moment.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Servers(result, ServerList.NtpPort),
    };

    /// <summary><c>--timeout</c>.</summary>
    public Option<int?> Timeout { get; } = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = $"Give up connecting after this long: {DefaultTimeoutSeconds} unless given; 0 tries until Ctrl+C.",
        CustomParser = result => Number(result, 0, int.MaxValue, "a time is a whole number of seconds, 0 or more"),
    };

    /// <summary><c>--lan</c>.</summary>
    public Option<string?> Lan { get; } = Choice("--lan", ["none"], "Whether your ticket tells the address of this computer in its own network; 'none' keeps it to yourself.");

    /// <summary><c>--ipv6</c>.</summary>
    public Option<string?> IPv6 { get; } = Choice("--ipv6", ["off"], "Whether IPv6 is used and told, where there is some.");

    /// <summary><c>--portmap</c>.</summary>
    public Option<string?> PortMap { get; } = Choice(
        "--portmap",
        ["off", "pcp", "natpmp", "upnp"],
        "How your router is asked to forward a port to this program while it runs, so that your ticket alone is enough: auto, pcp, natpmp, upnp, or off.");

    /// <summary><c>--verify</c>.</summary>
    public Option<bool> Verify { get; } = new("--verify")
    {
        Description = "Compare words with your peer even if both of you entered the other's ticket: finds out when somebody changed what you sent each other.",
    };

    /// <summary><c>--legacy</c>.</summary>
    public Option<bool> Legacy { get; } = new("--legacy")
    {
        Description = "Speak as the original p2pcopy does: not encrypted, IPv4 only. For a peer who has the original, or gives --legacy too.",
    };

    /// <summary><c>--qr</c>.</summary>
    public Option<bool> Qr { get; } = new("--qr")
    {
        Description = "Show your ticket as a QR code too, for a peer with a camera.",
    };

    /// <summary><c>--quiet</c>.</summary>
    public Option<bool> Quiet { get; } = new("--quiet")
    {
        Description = "Print what to tell the peer, prompts and errors, nothing else.",
    };

    /// <summary><c>--verbose</c>.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Print more: SHA-256 of the file, details of the network, the inside of an unexpected error.",
    };

    /// <summary><c>--json</c>, of the commands that copy.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print what happens as one JSON object a line, for programs; what is said to users goes to standard error.",
    };

    /// <summary><c>--trace</c>, of the commands that copy.</summary>
    public Option<string?> Trace { get; } = new("--trace")
    {
        HelpName = "FILE",
        Description = "Write to this file, ten times a second, what the connection goes through: for a report about a copy that is slow. No names, addresses or contents are in it.",
    };

    /// <summary>Gives all of them to a command that meets a peer.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[LocalPort, Peer, Stun, Ntp, Lan, IPv6, PortMap, Timeout, Verify, Legacy, Qr, Json, Quiet, Verbose, Trace]) command.Add(option);
    }

    /// <summary>The surroundings of a command that copies: with --json, standard output is for programs alone.</summary>
    public Surroundings Prepare(Surroundings surroundings, ParseResult parsed)
    {
        if (!parsed.GetValue(Json)) return surroundings;
        surroundings.Events.TurnOn();
        return surroundings.WithOutputAsData();
    }

    /// <summary>What was given, with what is assumed where nothing was.</summary>
    public ConnectionSettings Read(ParseResult parsed) => new()
    {
        LocalPort = parsed.GetValue(LocalPort),
        Peer = parsed.GetValue(Peer),
        Stun = parsed.GetValue(Stun),
        Ntp = parsed.GetValue(Ntp),
        Legacy = parsed.GetValue(Legacy),
        Verify = parsed.GetValue(Verify),
        ShowsCode = parsed.GetValue(Qr),
        HidesLan = parsed.GetValue(Lan) == "none",
        AvoidsIPv6 = parsed.GetValue(IPv6) == "off",
        PortMapping = parsed.GetValue(PortMap) switch
        {
            "off" => PortMappingProtocols.None,
            "pcp" => PortMappingProtocols.Pcp,
            "natpmp" => PortMappingProtocols.NatPmp,
            "upnp" => PortMappingProtocols.Upnp,
            _ => PortMappingProtocols.All,
        },
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(Timeout) ?? DefaultTimeoutSeconds),
    };

    /// <summary>How much to say.</summary>
    public Verbosity ReadVerbosity(ParseResult parsed) =>
        parsed.GetValue(Verbose) ? Verbosity.Verbose : parsed.GetValue(Quiet) ? Verbosity.Quiet : Verbosity.Normal;

    private static Option<string?> Choice(string name, string[] others, string description) => new(name)
    {
        HelpName = others is [var other] ? $"{Automatic}|{other}" : "HOW",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (text != Automatic && !others.Contains(text))
                result.AddError($"'{text}' cannot be used for {name}: write {string.Join(", ", others[..^1].Prepend(Automatic))} or {others[^1]}.");
            return text;
        },
    };

    /// <summary>Reads a whole number within bounds; the rule ends the sentence about any other.</summary>
    internal static int? Number(ArgumentResult result, int lowest, int highest, string rule)
    {
        var text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest) return number;
        result.AddError($"'{text}' cannot be used for {Name(result)}: {rule}.");
        return null;
    }

    private static IReadOnlyList<ServerName>? Servers(ArgumentResult result, ushort defaultPort)
    {
        var texts = result.Tokens.Select(token => token.Value).ToArray();
        if (ServerList.TryParse(texts, defaultPort, out var servers, out var wrong)) return servers;
        result.AddError($"'{wrong}' cannot be used for {Name(result)}: write HOST or HOST:PORT, or 'none' alone.");
        return null;
    }

    private static string Name(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
