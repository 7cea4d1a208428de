using P2PCopy.Bench;
using P2PCopy.Datagrams;

switch (args)
{
    case ["flood", var to, var perSecond] when UdpEndpoint.TryParse(to, out var target):
        return FloodRole.Run(target, int.Parse(perSecond, null));
    case ["run", var file, .. var arguments]:
        return ProcessRole.Run(file, arguments);
    case ["talk", var file, .. var arguments]:
        return ProcessRole.Talk(file, arguments);
    case ["seal"]:
        return SealingComparison.Run(rounds: 21);
    case ["link", var knobs, var mebibytes, var rounds]:
        return await Comparison.TryAsync(knobs, int.Parse(mebibytes, null), int.Parse(rounds, null));
    case ["page"]:
        Page.Write(Records.Read());
        return 0;
    case [.. var options] when Choice.TryRead(options, out var rounds, out var row, out var only):
        return await Comparison.RunAsync(rounds, row, only);
    default:
        Console.Error.WriteLine($"""
            usage: bench [--rounds N] [--row KEY] [--only NAME]
                       compares over all links, or one, all contestants, or those whose names begin so; writes bench/RESULTS.md (root, Linux)
                   bench link KNOBS MIB N
                       shows sealed copies over one link, such as '--rate 20M --delay 15ms --queue 122k'
                   bench page
                       writes the page anew from bench/results.tsv and bench/notes.md
                   bench seal
                       compares ciphers: what a packet costs to seal and to open
            keys of rows: {string.Join(", ", BenchRow.All.Select(row => row.Key))}
            names: {string.Join("; ", BenchRow.Names)}
            """);
        return 1;
}
