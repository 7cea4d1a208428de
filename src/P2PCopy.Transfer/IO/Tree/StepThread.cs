using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// One thread that obeys steps in order and hands their answers back in portions: neither side waits for the other step by step, and
/// thousands of small ones cost a few hand-overs. When it has nothing better to do, the side that asks may take its turns here, too: then
/// a step and what follows from it need no hand-over at all.
/// </summary>
/// <param name="name">The name of the thread.</param>
/// <param name="obey">Does one step. It must not throw for what a disk does; anything else ends the copy as a fault of the program.</param>
/// <param name="answered">Told when there are answers, on this thread.</param>
internal sealed class StepThread<TStep, TAnswer>(string name, Func<TStep, TAnswer> obey, Action answered) : IDisposable
{
    /// <summary>Answers to small steps are told together, at most this long after the first of them.</summary>
    private static readonly TimeSpan LongestPortion = TimeSpan.FromMilliseconds(0.5);

    private readonly Lock _gate = new();
    // Not one that spins first: whoever waits here lets the other side have the processor.
    private readonly AutoResetEvent _work = new(false);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<TStep> _steps = new();
    private List<TAnswer> _answers = [];
    private IThreadPoolWorkItem? _guest;
    private int _taken;
    private Exception? _fault;
    private bool _started;
    private bool _isClosed;
    private bool _dropsSteps;
    private bool _sleeps;
    private bool _isTold;
    private long _lastTold;

    /// <summary>Done when the thread has ended, after <see cref="Close"/>.</summary>
    public Task Over => _started ? _over.Task : Task.CompletedTask;

    /// <summary>Asks for a step.</summary>
    public void Add(TStep step)
    {
        if (!_started)
        {
            _started = true;
            new Thread(Run) { IsBackground = true, Name = name }.Start();
        }

        lock (_gate)
        {
            _steps.Enqueue(step);
            if (!_sleeps) return;
            _sleeps = false;
        }

        _work.Set();
    }

    /// <summary>
    /// Lets somebody else's work run on this thread if it would begin soon: now, or after the step that is under way, which is the last one.
    /// As a step may hang, whoever cannot wait for that has to do it elsewhere.
    /// </summary>
    public bool TryHost(IThreadPoolWorkItem guest)
    {
        lock (_gate)
        {
            if (!_started || _isClosed || _steps.Count > 0 || _taken > 1) return false;
            _guest = guest;
            if (!_sleeps) return true;
            _sleeps = false;
        }

        _work.Set();
        return true;
    }

    /// <summary>Takes the answers that are there, in the order of their steps, leaving the given empty list in their place.</summary>
    /// <exception cref="Exception">What a step threw: a fault of the program.</exception>
    public List<TAnswer> TakeAnswers(List<TAnswer> empty)
    {
        lock (_gate)
        {
            if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
            var answers = _answers;
            _answers = empty;
            _isTold = false;
            return answers;
        }
    }

    /// <summary>Lets the thread end after what was asked for, or after the step that it is at. Nobody takes its answers any more.</summary>
    public void Close(bool dropSteps)
    {
        lock (_gate)
        {
            (_isClosed, _dropsSteps, _sleeps) = (true, dropSteps, false);
        }

        _work.Set();
    }

    public void Dispose() => _work.Dispose();

    private void Run()
    {
        var steps = new Queue<TStep>();
        while (TryTake(ref steps, out var guest))
        {
            guest?.Execute();
            while (steps.TryDequeue(out var step))
            {
                try
                {
                    var answer = obey(step);
                    lock (_gate)
                    {
                        if (_dropsSteps) break;
                        _answers.Add(answer);
                        _taken = steps.Count;
                        if (_isTold || (steps.Count > 0 && Stopwatch.GetElapsedTime(_lastTold) < LongestPortion)) continue;
                        _isTold = true;
                        _lastTold = Stopwatch.GetTimestamp();
                    }
                }
                catch (Exception fault)
                {
                    lock (_gate) _fault ??= fault;
                    answered();
                    continue;
                }

                answered();
            }
        }

        _over.SetResult();
    }

    /// <summary>Exchanges the empty queue for the one that was filled meanwhile, and takes the guest that waits.</summary>
    private bool TryTake(ref Queue<TStep> steps, out IThreadPoolWorkItem? guest)
    {
        while (true)
        {
            lock (_gate)
            {
                (guest, _guest) = (_guest, null);
                if (_steps.Count > 0 && !_dropsSteps)
                {
                    (steps, _steps) = (_steps, steps);
                    _taken = steps.Count;
                    return true;
                }

                if (guest is not null) return true;

                if (_isClosed) return false;

                _sleeps = true;
            }

            _work.WaitOne();
        }
    }
}
