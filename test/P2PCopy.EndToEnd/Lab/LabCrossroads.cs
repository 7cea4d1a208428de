using System.Threading.Channels;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// Networks of every kind on two sides, each several times, lent to one pair of programs at a time: so no two programs share a router's
/// tables, and as many pairs as there are networks meet at once.
/// </summary>
internal sealed class LabCrossroads
{
    private readonly Dictionary<(CrossingSide Side, string Kind), Channel<LabHost>> _free = [];

    /// <summary>Builds a network, which is free from now on.</summary>
    public void Add(CrossingSide side, string kind, LabHost host)
    {
        if (!_free.TryGetValue((side, kind), out var free)) _free.Add((side, kind), free = Channel.CreateUnbounded<LabHost>());
        free.Writer.TryWrite(host);
    }

    /// <summary>Waits for a free network on either side, does something with both, and gives them back as they were.</summary>
    public async Task<T> CrossAsync<T>(string left, string right, Func<LabHost, LabHost, Task<T>> meet)
    {
        // Everybody takes the left one first, so nobody waits for somebody who waits for him.
        var from = await TakeAsync(CrossingSide.Left, left);
        var to = await TakeAsync(CrossingSide.Right, right);
        try
        {
            return await meet(from, to);
        }
        finally
        {
            foreach (var host in (LabHost[])[to, from]) LabNat.Renew(host);
            Add(CrossingSide.Right, right, to);
            Add(CrossingSide.Left, left, from);
        }
    }

    private ValueTask<LabHost> TakeAsync(CrossingSide side, string kind) => _free[(side, kind)].Reader.ReadAsync(TestContext.Current.CancellationToken);
}

/// <summary>The user who pastes first is on the left.</summary>
internal enum CrossingSide
{
    Left,
    Right,
}
