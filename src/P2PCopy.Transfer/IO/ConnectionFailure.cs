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
        if (step.Exception?.InnerException is { } error && Is(error)) return Of(error);
        step.GetAwaiter().GetResult();
        return null;
    }

    /// <summary>Whether an exception says that the connection broke.</summary>
    public static bool Is(Exception error) => error is IOException or ObjectDisposedException or OperationCanceledException;

    /// <summary>The ending that such an exception says.</summary>
    public static Ending Of(Exception error) => Ending.ConnectionLost(Sentence(error.Message));

    private static string Sentence(string message)
    {
        var text = DisplayText.Escape(message, 200).TrimEnd('.');
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }
}
