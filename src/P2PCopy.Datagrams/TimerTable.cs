using System.Runtime.CompilerServices;

namespace P2PCopy.Datagrams;

/// <summary>
/// All timers of a machine, indexed by an enum: set, stop, ask which is due; the minimum is the machine's next deadline.
/// </summary>
/// <typeparam name="TKey">An enum with values 0, 1, 2, … of type <see cref="int"/>.</typeparam>
public sealed class TimerTable<TKey> where TKey : unmanaged, Enum
{
    private readonly Instant[] _deadlines;

    /// <summary>A table with all timers stopped.</summary>
    public TimerTable()
    {
        _deadlines = new Instant[Enum.GetValues<TKey>().Length];
        Array.Fill(_deadlines, Instant.Never);
    }

    /// <summary>The deadline of one timer; setting <see cref="Instant.Never"/> stops it.</summary>
    public Instant this[TKey timer]
    {
        get => _deadlines[Index(timer)];
        set => _deadlines[Index(timer)] = value;
    }

    /// <summary>The earliest deadline, or <see cref="Instant.Never"/>.</summary>
    public Instant Next
    {
        get
        {
            var next = Instant.Never;
            foreach (var deadline in _deadlines) next = Instant.Min(next, deadline);
            return next;
        }
    }

    /// <summary>Stops one timer.</summary>
    public void Stop(TKey timer) => this[timer] = Instant.Never;

    /// <summary>Stops all timers.</summary>
    public void StopAll() => Array.Fill(_deadlines, Instant.Never);

    /// <summary>Whether the timer is due; if so it is stopped.</summary>
    public bool Expired(TKey timer, Instant now)
    {
        if (_deadlines[Index(timer)] > now) return false;
        Stop(timer);
        return true;
    }

    private static int Index(TKey timer) => Unsafe.As<TKey, int>(ref timer);
}
