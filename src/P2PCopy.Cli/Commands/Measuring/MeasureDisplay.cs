using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>Shows that something is going on: a line that redraws itself on a terminal, nothing elsewhere.</summary>
/// <param name="screen">Where to.</param>
/// <param name="surroundings">Tells whether that is a terminal, and how wide.</param>
/// <param name="here">Whether both ends are on this computer.</param>
internal sealed class MeasureDisplay(Screen screen, Surroundings surroundings, bool here = false)
{
    /// <summary>Shows where it is. One call at a time.</summary>
    public void Show(MeasureProgress progress)
    {
        if (!surroundings.OutputIsTerminal || progress.Elapsed <= TimeSpan.Zero) return;
        var way = here ? "Measuring" : progress.IsSending ? "To your peer" : "From your peer";
        var seconds = (int)Math.Min(progress.Elapsed.TotalSeconds, progress.Whole.TotalSeconds);
        var text = $"{way}: {FlowText.Bits(progress.Bytes / progress.Elapsed.TotalSeconds)}, {seconds} s of {(int)progress.Whole.TotalSeconds} s";
        var width = surroundings.Width() - 1;
        screen.Progress(text.Length <= width ? text : text[..Math.Max(0, width)]);
    }
}
