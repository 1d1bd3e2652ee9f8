/* main.c - the command line of medley. */
int main(void)
{
    return 0;
}
