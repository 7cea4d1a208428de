using System.Buffers.Binary;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>Walks over the attributes of a STUN message without copying.</summary>
public ref struct StunAttributeWalk
{
    private ReadOnlySpan<byte> _rest;

    internal StunAttributeWalk(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
        Value = default;
    }

    /// <summary>Type of the attribute the walk stands on.</summary>
    public ushort Type { get; private set; }

    /// <summary>Its value without padding.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether an attribute claimed more bytes than the message has.</summary>
    public bool LeftTheMessage { get; private set; }

    /// <summary>Goes to the next attribute; <see langword="false"/> at the end.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty) return false;
        if (_rest.Length < 4) return Leave();
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        var padded = (length + 3) & ~3;
        if (padded > _rest.Length - 4) return Leave();
        Type = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        Value = _rest.Slice(4, length);
        _rest = _rest[(4 + padded)..];
        return true;
    }

    private bool Leave()
    {
        LeftTheMessage = true;
        _rest = default;
        return false;
    }
}
