using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What a user who makes a mistake sees and what a script gets.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcopy-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_for_temporary_files_that_is_not_there_is_named()
    {
        if (OperatingSystem.IsWindows()) return;
        using var run = new ProgramRun(RealProcess.Start("env", [$"TMPDIR={_folder.FullName}/nothing", ProgramRun.File, "sender", _folder.FullName]));
        Assert.Equal(2, await run.ExitAsync());
        Assert.Contains($"The list of what is sent cannot be kept in '{_folder.FullName}/nothing/'.", run.Error, StringComparison.Ordinal);
        Assert.Contains("TMPDIR", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no command.")]
    [InlineData(1, "There is no command frobnicate.", "frobnicate")]
    [InlineData(1, "There is no option --colour.", "receiver", "--colour")]
    [InlineData(1, "cannot be used for --localport", "receiver", "--localport", "99999")]
    [InlineData(1, "cannot be used for --timeout", "receiver", "--timeout", "abc")]
    [InlineData(1, "cannot be used for --lan: write auto or none.", "receiver", "--lan", "off")]
    [InlineData(1, "'hello' is not an address.", "receiver", "--legacy", "--peer", "hello")]
    [InlineData(1, "'hello' cannot be used as your peer's ticket or address.", "receiver", "--peer", "hello")]
    [InlineData(9, "made by a newer p2pcopy", "receiver", "--peer", "203.0.113.7:4300-448ksr4543r0k29gmxa792vxvjt3xxtt1pzkm39670df9tx4n67an6ted9wdrqr")]
    [InlineData(2, "There is no file or folder '{0}/nothing.bin'.", "sender", "--file", "{0}/nothing.bin")]
    [InlineData(2, "There is no file or folder '{0}/nothing.bin'.", "sender", "--legacy", "--file", "{0}/nothing.bin")]
    [InlineData(2, "There is no file or folder '{0}/no/where'.", "sender", "--file", "{0}", "{0}/no/where")]
    [InlineData(2, "There is no file or folder ''.", "sender", "")]
    [InlineData(7, "There is no such folder.", "receiver", "{0}/nothing")]
    public async Task A_mistake_gets_its_exit_code_and_one_line_of_explanation(int code, string said, params string[] words)
    {
        using var run = ProgramRun.Start(words.Select(Placed));

        Assert.Equal(code, await run.ExitAsync());
        Assert.Contains(Placed(said), run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--legacy")]
    [InlineData("--verbose")]
    public async Task A_port_in_use_is_told(string word)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        using var run = ProgramRun.Start("receiver", word, "--stun", "none", "--localport", $"{port}");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal(
            $"Error: Cannot use port {port}. Another program on this computer is using it. Close that program, or choose another port with --localport.",
            run.Error.TrimEnd());
    }

    [Fact]
    public async Task An_unreadable_file_is_told()
    {
        var file = Path.Combine(_folder.FullName, "secret");
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        if (OperatingSystem.IsWindows()) Assert.Skip("files are protected otherwise there");
        else File.SetUnixFileMode(file, UnixFileMode.None);

        using var run = ProgramRun.StartBoundByPermissions("sender", "--file", file);

        Assert.Equal(2, await run.ExitAsync());
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", 1, "This is neither a ticket nor an address.")]
    [InlineData("own", 1, "That is your own ticket.")]
    [InlineData("203.0.113.7:4300-448ksr4543r0k29gmxa792vxvjt3xxtt1pzkm39670df9tx4n67an6ted9wdrqr", 9, "made by a newer p2pcopy")]
    public async Task A_script_with_a_senseless_ticket_ends_with_a_sentence(string line, int code, string sentence)
    {
        using var run = ProgramRun.Start("receiver", "--stun", "none");
        run.Type(line == "own" ? await run.AddressAsync() : line);

        Assert.Equal(code, await run.ExitAsync());
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Contains("Enter the ip:port of your peer: \n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_both_want_to_receive_are_told()
    {
        using var one = ProgramRun.Start("receiver", "--stun", "none");
        using var other = ProgramRun.Start("receiver", "--stun", "none");
        await ProgramRun.IntroduceAsync(one, other);

        Assert.Equal(1, await one.ExitAsync());
        Assert.Contains("Your peer also wants to receive.", one.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--legacy")]
    [InlineData("--verbose")]
    public async Task An_ended_input_is_no_answer(string word)
    {
        using var run = ProgramRun.Start("receiver", "--stun", "none", "--ntp", "none", word);
        run.Process.EndInput();

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("The input ended before one was given.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sealed_peer_that_never_comes_ends_with_code_3_after_the_limit()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        using var run = ProgramRun.Start("receiver", "--stun", "none", "--timeout", "2", "--peer", silent.LocalEndPoint!.ToString()!);

        Assert.Equal(3, await run.ExitAsync());
        Assert.Contains($"0 - Trying to connect to {silent.LocalEndPoint}. Error connecting to {silent.LocalEndPoint}: no answer within 2 s\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Could not connect", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_answers_nonsense_ends_with_code_1()
    {
        using var run = ProgramRun.Start("receiver", "--legacy", "--stun", "none", "--ntp", "none");
        run.Type("hello");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("'hello' is not an address.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Enter the ip:port of your peer: \n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ones_own_address_is_noticed()
    {
        using var run = ProgramRun.Start("receiver", "--legacy", "--stun", "none", "--ntp", "none");
        run.Type(await run.AddressAsync());

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("is your own address", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_comes_ends_with_code_3_after_the_limit()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        using var run = ProgramRun.Start("receiver", "--legacy", "--stun", "none", "--ntp", "none", "--timeout", "12", "--peer", silent.LocalEndPoint!.ToString()!);

        Assert.Equal(3, await run.ExitAsync());

        // Attempts begin every ten seconds by the clock, so how long the first one lasts depends on the time of day.
        Assert.Matches($@"0 - Trying to connect to {silent.LocalEndPoint}\. Error connecting to {silent.LocalEndPoint}: no answer within ([1-9]|1[0-2]) s\n", run.Output);
        Assert.Contains("Could not connect", run.Error, StringComparison.Ordinal);
    }

    private string Placed(string word) => word.Replace("{0}", _folder.FullName, StringComparison.Ordinal);
}
