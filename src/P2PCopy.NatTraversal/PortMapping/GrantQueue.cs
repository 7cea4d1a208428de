using System.Diagnostics.CodeAnalysis;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>What the router granted and nobody has looked at yet, by whichever way it was asked.</summary>
internal sealed class GrantQueue
{
    private readonly Queue<(IMappingClient Client, MappingGrant Grant)> _grants = new();

    /// <summary>The router said yes.</summary>
    /// <param name="client">Who had asked.</param>
    /// <param name="grant">For what.</param>
    public void Add(IMappingClient client, MappingGrant grant) => _grants.Enqueue((client, grant));

    /// <summary>Takes the oldest.</summary>
    public bool TryTake([NotNullWhen(true)] out IMappingClient? client, out MappingGrant grant)
    {
        var there = _grants.TryDequeue(out var oldest);
        (client, grant) = oldest;
        return there;
    }
}
