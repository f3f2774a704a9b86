using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;

namespace GraphToken.PowerShell;

/// <summary>
/// Lets the threads of the engine run script blocks: those belong to the thread that waits for the engine.
/// </summary>
internal sealed class PipelineThread
{
    private readonly object _lock = new();
    private volatile BlockingCollection<Action>? _calls;

    /// <summary>
    /// Runs <paramref name="work"/> on a thread of its own, and on this thread what <see cref="Invoke"/> gets meanwhile.
    /// </summary>
    internal T Wait<T>(Func<T> work)
    {
        lock (_lock)
        {
            // A script block may itself wait for a token.
            BlockingCollection<Action>? outer = _calls;
            // Not disposed: a thread of the engine may be about to add to it.
            var calls = new BlockingCollection<Action>();
            _calls = calls;
            try
            {
                Task<T> task = Task.Run(work);
                _ = task.ContinueWith(_ => calls.CompleteAdding(), TaskScheduler.Default);
                foreach (Action call in calls.GetConsumingEnumerable())
                {
                    if (!task.IsCompleted)
                    {
                        call();
                    }
                }
                return task.GetAwaiter().GetResult();
            }
            finally
            {
                _calls = outer;
            }
        }
    }

    /// <summary>Runs <paramref name="call"/> on the thread that waits, and gives its result to this one.</summary>
    /// <exception cref="InvalidOperationException">No thread waits.</exception>
    internal string Invoke(Func<string> call)
    {
        BlockingCollection<Action> calls = _calls ?? throw new InvalidOperationException(
            "A script block cannot run in the background: no command waits for a token.");
        var result = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        calls.Add(() =>
        {
            try
            {
                result.SetResult(call());
            }
#pragma warning disable CA1031 // It goes to the thread that asked for the result.
            catch (Exception error)
#pragma warning restore CA1031
            {
                result.SetException(error);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }
}
