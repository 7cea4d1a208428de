using System.CommandLine;
using P2PCopy.Cli.Commands.Copying;
using P2PCopy.Cli.Commands.Legacy;
using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams.IO;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>What every running command holds: where it speaks, where it listens, and how it is to connect.</summary>
internal sealed class CommandContext(Surroundings surroundings, ConnectionSettings connection, Verbosity verbosity) : IAsyncDisposable
{
    public CommandContext(Surroundings surroundings, ConnectionOptions options, ParseResult parsed, RateSettings? rate = null)
        : this(surroundings, options, parsed, options.Read(parsed) with { Rate = rate ?? RateSettings.Fast })
    {
    }

    public CommandContext(Surroundings surroundings, ConnectionOptions options, ParseResult parsed, ConnectionSettings settings)
        : this(surroundings, settings, options.ReadVerbosity(parsed))
    {
        Trace = TransportTrace.Open(parsed.GetValue(options.Trace), Clock);
        ResumeOptions = ResumeCommand.OptionsOf(parsed);
    }

    /// <summary>Streams and environment.</summary>
    public Surroundings Surroundings { get; } = surroundings;

    /// <summary>How to find oneself and the peer.</summary>
    public ConnectionSettings Connection { get; } = connection;

    /// <summary>How much to say.</summary>
    public Verbosity Verbosity { get; } = verbosity;

    /// <summary>The clock of everything that runs.</summary>
    public MonotonicClock Clock { get; } = MonotonicClock.System;

    /// <summary>The way out for text.</summary>
    public Screen Screen { get; } = new(surroundings, verbosity);

    /// <summary>The way in for answers.</summary>
    public LineInput Input { get; } = new(surroundings.Input);

    /// <summary>The options of this command that the one which goes on with a broken copy needs too, as words for the shell.</summary>
    public IReadOnlyList<string> ResumeOptions { get; } = [];

    /// <summary>What the connection goes through, for <c>--trace</c>.</summary>
    public TransportTrace Trace { get; } = TransportTrace.None;

    /// <summary>The way to the peer that was asked for.</summary>
    /// <param name="sends">Whether this side wants to send.</param>
    /// <param name="waivesWords">Whether words that would have to be typed are waived.</param>
    public IPeerMeeting CreateMeeting(bool sends, bool waivesWords) =>
        Connection.Legacy ? new LegacyMeeting(this) : new SealedMeeting(this, sends, waivesWords);

    /// <summary>Shows how the copy over a connection goes.</summary>
    public ProgressDisplay ShowProgress(UdtStream stream) =>
        new(Screen, Surroundings, () => Clock.Now, () => stream.Statistics.RoundTripTime);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Trace.DisposeAsync();
}
