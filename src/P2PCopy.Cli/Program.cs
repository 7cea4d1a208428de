using P2PCopy.Cli.Commands;
using P2PCopy.Cli.IO;
using P2PCopy.Cli.Terminal;

BundledSodium.Offer();
using var interruption = new Interruption();
return await CommandLine.RunAsync(args, Surroundings.OfProcess(), interruption.Token).ConfigureAwait(false);
