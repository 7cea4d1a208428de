using System.Diagnostics;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Two users in a chat: both programs run, and each user pastes the other's ticket when it is their turn.</summary>
internal sealed class SealedMeeting
{
    private readonly LabCopy _copy;

    private SealedMeeting(LabCopy copy, ProgramRun sender, ProgramRun receiver, string senderTicket, string receiverTicket)
    {
        (_copy, Sender, Receiver) = (copy, sender, receiver);
        (SenderTicket, ReceiverTicket) = (senderTicket, receiverTicket);
    }

    public LabCopy Copy => _copy;

    public ProgramRun Sender { get; }

    public ProgramRun Receiver { get; }

    /// <summary>The first ticket of the sender; it may tell a new one later.</summary>
    public string SenderTicket { get; }

    /// <summary>The first ticket of the receiver.</summary>
    public string ReceiverTicket { get; }

    /// <summary>Starts both and waits for their tickets. The receiver's user sits at a terminal: nothing is taken for granted there.</summary>
    public static async Task<SealedMeeting> StartAsync(LabCopy copy)
    {
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiverInTerminal());
        return new SealedMeeting(copy, sender, receiver, await sender.AddressAsync(), await receiver.AddressAsync());
    }

    public void PasteAtSender() => Sender.Type(ReceiverTicket);

    public void PasteAtReceiver() => Receiver.Type(SenderTicket);

    /// <summary>The second user pastes; gives the time until both programs say that they are connected.</summary>
    public async Task<TimeSpan> ConnectAsync(Action secondPaste)
    {
        var start = Stopwatch.GetTimestamp();
        secondPaste();
        await Task.WhenAll(Sender.WaitUntilConnectedAsync(), Receiver.WaitUntilConnectedAsync());
        var time = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_copy.Name}: connected {time.TotalSeconds:0.00} s after the second paste");
        return time;
    }

    /// <summary>The receiver's user takes what is offered.</summary>
    public async Task AcceptAsync()
    {
        await Receiver.SeeAsync("Receive it? [Y/n] ");
        Receiver.Type("");
    }

    /// <summary>Both users do all that is to be done, and a part of the file is there.</summary>
    public static async Task<SealedMeeting> StartCopyAsync(LabCopy copy, long untilBytes)
    {
        var meeting = await StartAsync(copy);
        meeting.PasteAtReceiver();
        await meeting.ConnectAsync(meeting.PasteAtSender);
        await meeting.AcceptAsync();
        await copy.WaitUntilUnderWayAsync(untilBytes);
        return meeting;
    }

    /// <summary>The sender's user tells the receiver's the ticket that replaces the first.</summary>
    public async Task TellNewTicketOfSenderAsync() => Receiver.Type(await Sender.NewAddressAsync(SenderTicket));

    /// <summary>Both programs end well and the file is the same.</summary>
    public Task AssertDoneAsync(TimeSpan limit) => _copy.AssertDoneAsync(Sender, Receiver, limit);
}
