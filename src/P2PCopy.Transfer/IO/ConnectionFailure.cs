using System.Diagnostics;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.IO;

/// <summary>Reads how a step of the network failed.</summary>
internal static class ConnectionFailure
{
    /// <summary>The ending, or null if it did not fail. Anything but a broken connection is a fault of the program and is thrown.</summary>
    public static Ending? Of(Task step)
    {
        Debug.Assert(step.IsCompleted, "only what is over can have failed");
        if (step.IsCanceled) return Ending.ConnectionLost("");
        if (step.Exception?.InnerException is IOException or ObjectDisposedException or OperationCanceledException)
            return Ending.ConnectionLost(Sentence(step.Exception.InnerException.Message));
        step.GetAwaiter().GetResult();
        return null;
    }

    private static string Sentence(string message)
    {
        var text = DisplayText.Escape(message, 200).TrimEnd('.');
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }
}
