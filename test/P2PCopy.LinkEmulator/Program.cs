using System.Globalization;
using System.Runtime.InteropServices;
using P2PCopy.LinkEmulator;
using P2PCopy.Simulation;

EmulatorOptions options;
try
{
    options = EmulatorOptions.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(EmulatorOptions.Usage);
    return 2;
}

using var left = TunDevice.Create(options.Left, options.Forth);
using var right = TunDevice.Create(options.Right, options.Back);
var stop = SystemCalls.Check(SystemCalls.EventFd(0, SystemCalls.CloseOnExec), "eventfd");
LinkDirection[] directions =
[
    new("left>right", left, right, options.Forth, SeededRandom.For(options.Seed, "left>right")),
    new("right>left", right, left, options.Back, SeededRandom.For(options.Seed, "right>left")),
];

var loop = new EmulatorLoop(directions, stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    Stop();
});
Console.WriteLine("ready");
new Thread(ReadCommands) { IsBackground = true }.Start();
loop.Run();
foreach (var direction in directions)
{
    var counters = direction.Counters;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{direction.Name} sent={counters.Sent} delivered={counters.Delivered} bytes={counters.DeliveredBytes} lost={counters.Lost} "
        + $"queue-full={counters.QueueFull} blacked-out={counters.BlackedOut} duplicated={counters.Duplicated} refused={direction.Refused} "
        + $"late-us={direction.Lateness.TotalMicroseconds:0} latest-us={direction.Latest.TotalMicroseconds:0}"));
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"processor-seconds={Environment.CpuUsage.TotalTime.TotalSeconds:0.00} wakes={loop.Wakes} runs-first={loop.RunsFirst}"));
return 0;

void ReadCommands()
{
    while (Console.In.ReadLine() is { } command)
        foreach (var direction in directions) direction.IsDown = command == "down";
    Stop();
}

unsafe void Stop()
{
    var one = 1UL;
    _ = SystemCalls.Write(stop, (byte*)&one, sizeof(ulong));
}
