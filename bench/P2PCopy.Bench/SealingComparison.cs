using System.Diagnostics;
using System.Globalization;
using NSec.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Bench;

/// <summary>
/// What it costs to seal and to open one packet: the ciphers bare, and the channel with those that it offers. All take turns in every
/// round, so that a machine whose speed drifts is unfair to none.
/// </summary>
internal static class SealingComparison
{
    private const int Packets = 20_000;
    private const int PacketBytes = 1440;

    private static readonly byte[] Inner = new byte[PacketBytes];
    private static readonly byte[] Sealed = new byte[PacketBytes + 64];
    private static readonly byte[] Nonce = new byte[32];
    private static readonly byte[] Header = new byte[DatagramHeader.Length];

    private delegate double NanosecondsPerPacket();

    public static int Run(int rounds)
    {
        var ciphers = Bare("AES-256-GCM", AeadAlgorithm.Aes256Gcm).Concat(Bare("ChaCha20-Poly1305", AeadAlgorithm.ChaCha20Poly1305))
            .Concat(Bare("AEGIS-128L", AeadAlgorithm.Aegis128L)).Concat(Bare("AEGIS-256", AeadAlgorithm.Aegis256));
        var channels = Enum.GetValues<DataCipher>().Where(cipher => cipher.IsSupported()).SelectMany(Channel);
        var contestants = ciphers.Concat(channels).Select(contestant => (contestant.Name, contestant.Run, Times: new List<double>())).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (_, run, times) in contestants)
            {
                var time = run();
                if (round >= 0) times.Add(time);
            }
        }

        Console.WriteLine($"ns per packet of {PacketBytes} bytes, {rounds} rounds of {Packets} packets, {DateTime.UtcNow:yyyy-MM-dd}");
        Console.WriteLine("| what | median | least | most |\n| --- | --- | --- | --- |");
        foreach (var (name, _, times) in contestants)
        {
            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[times.Count / 2]:f0} | {times[0]:f0} | {times[^1]:f0} |"));
        }

        return 0;
    }

    private static IEnumerable<(string Name, NanosecondsPerPacket Run)> Bare(string name, AeadAlgorithm algorithm)
    {
        var key = Key.Import(algorithm, new byte[algorithm.KeySize], KeyBlobFormat.RawSymmetricKey);
        var (nonce, length) = (algorithm.NonceSize, PacketBytes + algorithm.TagSize);
        yield return ($"{name}, seal", () => Time(_ => Seal()));
        yield return ($"{name}, open", () => Time(_ => Verify(Open())));

        void Seal() => algorithm.Encrypt(key, Nonce.AsSpan(0, nonce), Header, Inner, Sealed.AsSpan(0, length));
        bool Open() => algorithm.Decrypt(key, Nonce.AsSpan(0, nonce), Header, Sealed.AsSpan(0, length), Inner);
    }

    private static IEnumerable<(string Name, NanosecondsPerPacket Run)> Channel(DataCipher cipher)
    {
        var (there, back) = (new byte[32], new byte[32]);
        var sender = new SecureChannel(cipher, true, there, back, DatagramHeader.IndexFlag, DatagramHeader.IndexFlag);
        var receiver = new SecureChannel(cipher, false, there, back, DatagramHeader.IndexFlag, DatagramHeader.IndexFlag);
        var datagrams = Enumerable.Range(0, Packets).Select(_ => new byte[PacketBytes + sender.Overhead]).ToArray();
        yield return ($"channel with {cipher}, seal", () => Time(i => sender.Seal(PacketType.Data, Inner, datagrams[i])));
        yield return ($"channel with {cipher}, open", () => Time(i => Verify(receiver.TryOpen(datagrams[i], Inner, Instant.Zero, out var _))));

        var restless = new SecureChannel(cipher, true, there, back, DatagramHeader.IndexFlag, DatagramHeader.IndexFlag, packetsPerEpoch: 1);
        yield return ($"channel with {cipher}, seal with a new key each", () => Time(_ => restless.Seal(PacketType.Data, Inner, Sealed)));
    }

    private static void Verify(bool genuine)
    {
        if (!genuine) throw new InvalidOperationException("a packet does not open");
    }

    private static double Time(Action<int> packet)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Packets; i++) packet(i);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Packets;
    }
}
