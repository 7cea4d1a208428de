using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace P2PCopy.Transfer.Tree.Resume;

/// <summary>
/// The text of the journal beside a part file: whose part it is, and which stretches of it are safe on the disk. It only grows;
/// each record seals itself together with all that stands before it, so what a crash tore off or left behind is never read.
/// </summary>
/// <remarks>
/// A stretch is added only after the part was synced, and taken back, synced, before it is written again. So any beginning of
/// the journal that a crash leaves claims nothing that is not there.
/// </remarks>
internal sealed class PartJournal
{
    /// <summary>Bytes of a record: kind (8), start (8), end (8), seal (8), little-endian.</summary>
    public const int RecordBytes = 32;

    /// <summary>A journal is never read beyond this; a larger one is begun anew.</summary>
    public const int MostBytes = 16 << 20;

    private const int SealBytes = 8;
    private const int NonceBytes = 16;
    private const long SafeRecord = 1;
    private const long RevokedRecord = 2;

    private static readonly byte[] Magic = "p2pcopy part 1\n\0"u8.ToArray();

    private readonly byte[] _lastSeal;

    private PartJournal(string name, byte[] seal, RangeSet safe, int length)
    {
        Name = name;
        Safe = safe;
        Length = length;
        _lastSeal = seal;
    }

    /// <summary>The name that the part is to have when it is whole.</summary>
    public string Name { get; }

    /// <summary>The bytes of the part that are safe on the disk.</summary>
    public RangeSet Safe { get; }

    /// <summary>Bytes of the journal that are valid; what follows is to be cut off before anything is added.</summary>
    public int Length { get; private set; }

    /// <summary>Begins a journal.</summary>
    /// <param name="name">The name that the part is to have.</param>
    /// <param name="nonce">Random bytes, so that records of an earlier journal in the same place of the disk are none of this one.</param>
    /// <param name="text">What to write.</param>
    public static PartJournal Begin(string name, ReadOnlySpan<byte> nonce, out byte[] text)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        text = new byte[Magic.Length + NonceBytes + 2 + bytes.Length + SealBytes];
        Magic.CopyTo(text, 0);
        nonce[..NonceBytes].CopyTo(text.AsSpan(Magic.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(text.AsSpan(Magic.Length + NonceBytes), (ushort)bytes.Length);
        bytes.CopyTo(text, Magic.Length + NonceBytes + 2);
        var seal = Seal([], text.AsSpan(0, text.Length - SealBytes));
        seal.CopyTo(text, text.Length - SealBytes);
        return new PartJournal(name, seal, new RangeSet(), text.Length);
    }

    /// <summary>Reads a journal as far as it is whole; null when not even its beginning is.</summary>
    public static PartJournal? Read(ReadOnlySpan<byte> text)
    {
        var start = Magic.Length + NonceBytes + 2;
        if (text.Length < start || !text.StartsWith(Magic)) return null;
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(text[(start - 2)..]);
        var length = start + nameBytes + SealBytes;
        if (nameBytes > 255 || text.Length < length) return null;
        var seal = Seal([], text[..(length - SealBytes)]);
        if (!text[(length - SealBytes)..length].SequenceEqual(seal)) return null;
        var journal = new PartJournal(Encoding.UTF8.GetString(text.Slice(start, nameBytes)), seal, new RangeSet(), length);
        while (journal.TryTake(text[journal.Length..]))
        {
        }

        return journal;
    }

    /// <summary>Claims bytes that are synced; returns what to append.</summary>
    public byte[] AddSafe(long start, long end)
    {
        Safe.Add(start, end);
        return Append(SafeRecord, start, end);
    }

    /// <summary>Takes a claim back; what is returned is to be appended and synced before these bytes are written.</summary>
    public byte[] Revoke(long start, long end)
    {
        Safe.Remove(start, end);
        return Append(RevokedRecord, start, end);
    }

    private byte[] Append(long kind, long start, long end)
    {
        var record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt64LittleEndian(record, kind);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), start);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), end);
        Seal(_lastSeal, record.AsSpan(0, 24)).CopyTo(_lastSeal, 0);
        _lastSeal.CopyTo(record, 24);
        Length += RecordBytes;
        return record;
    }

    private bool TryTake(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < RecordBytes) return false;
        var seal = Seal(_lastSeal, rest[..24]);
        if (!rest[24..RecordBytes].SequenceEqual(seal)) return false;
        var kind = BinaryPrimitives.ReadInt64LittleEndian(rest);
        var start = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]);
        var end = BinaryPrimitives.ReadInt64LittleEndian(rest[16..]);
        if (start < 0 || end < start || kind is not (SafeRecord or RevokedRecord)) return false;
        if (kind == SafeRecord) Safe.Add(start, end);
        else Safe.Remove(start, end);
        seal.CopyTo(_lastSeal, 0);
        Length += RecordBytes;
        return true;
    }

    private static byte[] Seal(ReadOnlySpan<byte> before, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> whole = stackalloc byte[SealBytes + 512];
        before.CopyTo(whole);
        text.CopyTo(whole[before.Length..]);
        SHA256.HashData(whole[..(before.Length + text.Length)], hash);
        return hash[..SealBytes].ToArray();
    }
}
