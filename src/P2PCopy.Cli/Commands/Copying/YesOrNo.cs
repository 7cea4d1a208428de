namespace P2PCopy.Cli.Commands.Copying;

/// <summary>A question whose answer is yes unless the user says no.</summary>
internal static class YesOrNo
{
    /// <summary>Asks until there is an answer; the end of the input is a no.</summary>
    public static async Task<bool> AskAsync(CommandContext context, string question, CancellationToken cancellation)
    {
        context.Input.DropTypedAhead();
        while (true)
        {
            context.Screen.Prompt(question);
            var answer = await context.Input.ReadLineAsync(cancellation).ConfigureAwait(false);
            context.Screen.EndPrompt();
            switch (answer?.Trim().ToUpperInvariant())
            {
                case "" or "Y" or "YES":
                    return true;
                case null or "N" or "NO":
                    return false;
            }
        }
    }
}
