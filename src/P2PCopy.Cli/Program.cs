// The program's one entry; commands come with their capability.
return 1;
